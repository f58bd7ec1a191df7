"""How well a photographed sheet is read: marked sheets and photographs of them with known truth, and the figures."""
