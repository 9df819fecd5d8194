"""What a diagnosis holds, lacks, and shows in numbers."""
