"""The certificate station: a sheet on the spot that verifies with no network."""
