"""Measurements, as ratios taken in one sitting; speed is never tested by the clock."""
