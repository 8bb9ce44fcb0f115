"""The whole protocol under a seeded schedule of faults: real engine, real outbox, a centre in memory."""
