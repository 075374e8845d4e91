import secrets
len(secrets.token_bytes(5)), len(secrets.token_hex(5)), len(secrets.token_urlsafe(6)), secrets.choice([7]), 0 <= secrets.randbelow(5) < 5, secrets.compare_digest('a', 'a'), secrets.DEFAULT_ENTROPY
secrets.randbelow(0)
secrets.choice([])
