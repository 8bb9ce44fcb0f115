"""Truth tables of the programmes, written from the documents for a clinician to read and sign."""
