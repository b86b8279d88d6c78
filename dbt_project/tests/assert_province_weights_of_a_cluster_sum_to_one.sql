-- Harmed when this fails: analysts who spread a cluster's figures over provinces: baht would be
-- lost or counted twice.
select
    cluster_code,
    sum(weight) as weight_sum
from {{ ref('bridge_cluster_province') }}
group by cluster_code
having abs(sum(weight) - 1) > 1e-9
