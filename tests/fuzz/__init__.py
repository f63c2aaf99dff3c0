"""Everything that people and programs can send, sent by the million: ``make fuzz MINUTES=n``."""
