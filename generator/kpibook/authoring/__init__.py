"""Help for those who write a catalog: schemas, new files, a new company's repository."""
