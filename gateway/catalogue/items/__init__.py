"""The service-item catalogue (政务服务事项目录): what can be applied for, where, with what, by when."""
