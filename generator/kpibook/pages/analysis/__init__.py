"""HR's pages about the numbers themselves: never in a viewer's folder, never public."""
