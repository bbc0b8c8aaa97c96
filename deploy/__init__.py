"""Everything that installs and runs the suite: embedded runtime, images, region packs."""
