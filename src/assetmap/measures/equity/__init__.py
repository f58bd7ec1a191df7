"""How a figure goes with deprivation: slope and relative index, concentration, Gini; each with what it rests on."""
