"""The opening page 开诊: what stands between this site and its first dose, and the session of the day."""
