"""What the plots show, computed once for every way of drawing them: the page's and TensorBoard's."""
