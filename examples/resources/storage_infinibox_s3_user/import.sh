# By id, or by the account and the name. The name alone does where no other account has a
# user of that name.
terraform import storage_infinibox_s3_user.web 1003
terraform import storage_infinibox_s3_user.web account=shop,name=web
terraform import storage_infinibox_s3_user.web account_id=1002,name=web
