"""The page that shows how well photographs were read."""
