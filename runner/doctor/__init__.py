"""The checks to make before spending compute: of the data, the labels, the model and its learning."""
