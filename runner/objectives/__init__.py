"""What training minimises and what evaluation reports."""
