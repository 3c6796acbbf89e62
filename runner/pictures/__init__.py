"""Pictures for TensorBoard: functions from arrays to uint8 RGB pictures [height, width, 3]."""
