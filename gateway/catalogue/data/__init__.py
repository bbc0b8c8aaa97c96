"""The data-sharing catalogue (数据共享目录): which data there is, who asked for it and who was granted what."""
