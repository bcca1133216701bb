"""Plans by what the law of published runs says of them."""

CHINCHILLA = "name: chinchilla\nparameter_count: 70B\ntoken_count: 1.4T\n"  # Passes, with a warning.
GOPHER = "name: gopher\nparameter_count: 280B\ntoken_count: 300B\n"  # Violates, at its second line.
BAD = "name: x\nparameter_count: -5\ntoken_cuont: 3B\n"  # Cannot be read, for its second and third line.
