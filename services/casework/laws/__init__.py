"""Laws: values that acts set, dated, and the deadlines that follow."""
