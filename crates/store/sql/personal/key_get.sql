SELECT key FROM personal_key WHERE subject = ?1
