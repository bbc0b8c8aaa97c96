"""What every Tongban service needs and none owns; nothing here knows a business noun of one service."""

import gc

# A process makes some half a million objects that last while it starts. Looking through them for garbage at every
# 700 new ones, as is the default, took a quarter of the start, and later pauses requests.
gc.set_threshold(20_000, 20, 50)
