"""What goes between the city and the State Historical Society: notice, its answer, the package of a transfer."""
