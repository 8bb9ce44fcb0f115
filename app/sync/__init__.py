"""What is exchanged: the wire, the engine, the transports."""
