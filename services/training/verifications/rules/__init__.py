"""What is told of a certificate to somebody who has its code."""
