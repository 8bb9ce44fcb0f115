"""The staff page 人员: who works here, how each is trained and let in, shifts and hand-over."""
