"""CloudFormation makes groups of schedules (AWS::Scheduler::ScheduleGroup), which moto does not."""
from cfn_model import add_type
from moto.scheduler.models import scheduler_backends


def create(name, properties, account_id, region_name):
    backend = scheduler_backends[account_id][region_name]
    return {"Arn": backend.create_schedule_group(name, properties.get("Tags", [])).arn}


def delete(name, account_id, region_name):
    scheduler_backends[account_id][region_name].delete_schedule_group(name)


add_type("AWS::Scheduler::ScheduleGroup", "scheduler", create, delete)
