"""The words of real kit: one pure module for each family, from values to topic and bytes."""
