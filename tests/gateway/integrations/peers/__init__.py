"""Sample peers (对接样例): outsiders, written by docs/integrations alone; they import nothing of the suite."""
