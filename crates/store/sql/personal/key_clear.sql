DELETE FROM personal_key
