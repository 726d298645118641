DELETE FROM personal
