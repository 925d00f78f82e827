"""From pages to what people open: both sites, paper, the form."""
