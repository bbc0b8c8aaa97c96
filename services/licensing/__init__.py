"""The licensing service (行业综合许可（一业一证）): one-industry-one-licence permits."""
