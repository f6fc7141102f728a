"""What is owed to the people in the files: the notice, their objections, erasing, purges, certificates of destruction."""
