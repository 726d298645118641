SELECT key FROM personal_key WHERE person = ?1
