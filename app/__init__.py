"""How people and systems meet Hearthline: web, REST, commands, health."""
