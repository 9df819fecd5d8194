"""The services of Splot: independent processes that share only the chassis."""
