"""What is recorded around results, and where that leaves each of them; nothing here decides one."""
