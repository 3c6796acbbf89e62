"""The checks to make before spending compute: what is wrong with the data, the labels, the model, its learning."""
