"""Any S3 server with versioning and object lock, MinIO first (DESIGN 12)."""
