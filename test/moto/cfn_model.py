"""What patches that add types of resources to CloudFormation share."""
from moto.core.common_models import CloudFormationModel


def lower(value):
    """The same value, its keys beginning with small letters, as services' own APIs have them."""
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: lower(member) for key, member in value.items()}
    return [lower(member) for member in value] if isinstance(value, list) else value


def add_type(resource_type, service, create, delete, name_property="Name", attributes=("Arn",)):
    """Makes CloudFormation know a type.

    create(name, properties, account_id, region_name) answers a dict of the attributes; "id" is what Ref gives (else the
    name). delete(physical_id, account_id, region_name). An update makes it anew, in place of the old one.
    """

    class Resource(CloudFormationModel):
        # moto sorts its models by the second part of their modules' names.
        __module__ = f"moto.{service}.added"

        def __init__(self, name, found):
            self.physical_resource_id = found.pop("id", name)
            self.found = found

        def get_cfn_attribute(self, attribute_name):
            return self.found[attribute_name]

        @classmethod
        def has_cfn_attr(cls, attr):
            return attr in attributes

        @staticmethod
        def cloudformation_name_type():
            return name_property

        @staticmethod
        def cloudformation_type():
            return resource_type

        @classmethod
        def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
            return cls(resource_name, create(resource_name, cloudformation_json["Properties"], account_id, region_name))

        @classmethod
        def update_from_cloudformation_json(
            cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
        ):
            delete(original_resource.physical_resource_id, account_id, region_name)
            name = cloudformation_json["Properties"].get(name_property, original_resource.physical_resource_id)
            return cls(name, create(name, cloudformation_json["Properties"], account_id, region_name))

        @classmethod
        def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
            delete(resource_name, account_id, region_name)

    return Resource
