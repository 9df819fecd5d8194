"""Members that no longer meet their rule of inclusion, and the notices given to them."""
