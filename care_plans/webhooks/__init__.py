"""Other systems that an agency lets know what happens to the people it may see."""
