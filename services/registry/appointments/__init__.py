"""Who coordinates and who animates: people's appointments to sites, and where somebody is lacking."""
