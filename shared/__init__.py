"""What every Tongban service needs and none owns; nothing here knows a business noun of one service."""
