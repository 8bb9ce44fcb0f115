"""What is due, and may it be given: the CDSi model, its packs as data, and the engine that reads them."""
