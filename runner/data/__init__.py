"""From a data set's files to arrays: one file a source, then splits, order, augmentation, preprocessing."""
