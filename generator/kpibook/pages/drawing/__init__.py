"""Small drawings as text and SVG."""
