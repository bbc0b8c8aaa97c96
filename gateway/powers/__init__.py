"""Powers delegated to development zones (权限下放): given item by item, used by the services, withdrawn again."""
