"""What goes wrong by itself: processes that are killed, disks that are full or lie, endpoints that fail, too many readers."""
